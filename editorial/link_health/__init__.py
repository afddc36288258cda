"""Dead links found where the work happens: the queue, its filters, one link's page, the repair."""
