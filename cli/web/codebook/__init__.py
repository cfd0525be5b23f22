"""The codebook on the screen: its codes, what each form says, and what a change does, in words."""
