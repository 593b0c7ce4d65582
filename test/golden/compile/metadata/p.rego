# METADATA
# title: A
# custom:
#   severity: dire
package postern.policies.a.b

deny contains "x"
