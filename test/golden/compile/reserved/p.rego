package postern.main

result := {}
