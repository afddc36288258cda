"""Reviews at the desk: recording one, what is due, and mails that remind of it."""
