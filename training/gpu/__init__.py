"""A quarter of an hour on a rented GPU (docs/training.md): ``pack`` what is needed, ``run`` it there.

The machine renders on all its cores while it trains, holds the rendered sequences in the GPU's memory as bytes, cuts and turns
crops there, and sends back states small enough to travel.
"""
