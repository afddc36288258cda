"""The admin of every model, one module for each kind of thing."""
