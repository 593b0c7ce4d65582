package postern.lib.size

is_long(_) if false
