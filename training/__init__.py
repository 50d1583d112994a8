"""Training of the deblurring networks: data synthesis, training, evaluation, export."""
