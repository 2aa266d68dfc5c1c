"""The interview itself: a pure policy, authored and model-made words, and the service that commits each step."""
