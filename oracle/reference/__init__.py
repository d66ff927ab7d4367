"""An independent reference of the style transfer's numbers, written from the equations."""
