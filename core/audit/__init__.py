"""Does a signal see the future? Its past is recomputed with the future cut off or changed."""
