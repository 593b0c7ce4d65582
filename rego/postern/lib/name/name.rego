# METADATA
# title: Names
# description: Whether a name is meant by a list of names, of which one may end in * and mean all that begin so.
# scope: package
package postern.lib.name

# METADATA
# title: The name is on the list
# description: Undefined, hence not listed, when either is not what it should be.
is_listed(name, list) if {
	is_string(name)
	is_array(list)
	name in list
}

is_listed(name, list) if {
	is_string(name)
	is_array(list)
	some entry in list
	endswith(entry, "*")
	startswith(name, trim_suffix(entry, "*"))
}
