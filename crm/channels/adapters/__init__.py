"""One file a channel. Each ends with `build(settings)`: the channel, or None when it is not switched on."""
