"""Sharp material in, blurred/sharp/flow sequences out."""
