package postern.policies.a.b

deny contains "x" if count(7) > 1

deny contains "y" if missing(input.model)

deny contains message if input.model == "x"
