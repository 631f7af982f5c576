"""The pages on the way to somebody: the mentee's shortlist and search, the mentor's desk and brief."""
