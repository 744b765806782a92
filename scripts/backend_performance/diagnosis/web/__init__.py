"""HTTP as every system that is asked by it speaks it: the address and a bounded request."""
