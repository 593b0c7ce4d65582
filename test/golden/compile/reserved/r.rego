package postern.lib.mine

x := 1
