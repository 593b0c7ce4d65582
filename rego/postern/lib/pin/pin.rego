# METADATA
# title: Pins
# description: |
#   Whether tools are those that were approved. Pins of a server are `{"tools": {name: hashes}, "set": hashes}`,
#   where hashes are one or a list: of what models read of a tool or of its whole definition, and of the list of
#   all tools.
# scope: package
package postern.lib.pin

# METADATA
# title: The tool was approved, under this very name
is_pinned(tool, pins) if _is_among(tool.sha256, pins.tools[tool.name])

is_pinned(tool, pins) if _is_among(tool.whole_sha256, pins.tools[tool.name])

# METADATA
# title: So was the list, or nobody said which one
is_set_pinned(_, pins) if {
	is_object(pins)
	not "set" in object.keys(pins)
}

is_set_pinned(sha256, pins) if _is_among(sha256, pins.set)

_is_among(hash, hashes) if {
	_is_hash(hash)
	hash == hashes
}

_is_among(hash, hashes) if {
	_is_hash(hash)
	is_array(hashes)
	hash in hashes
}

_is_hash(hash) if {
	is_string(hash)
	hash != ""
}
