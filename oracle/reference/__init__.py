"""An independent implementation of the style transfer in PyTorch, written from the equations."""
