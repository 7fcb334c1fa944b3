"""Ask outside, answer from outside, watch what does not come."""
