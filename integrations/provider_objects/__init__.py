"""What objects of billing systems and payment providers mean, by whichever road they come.

A webhook brings an object in an event, a register reads it over HTTP. Both hand it on as a
`JsonPart` of their own kind, which knows how that road complains of what cannot be read.
"""
