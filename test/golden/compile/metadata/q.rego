# METADATA
# title: A
# custom:
#   phases: [answer]
package postern.policies.a.c

deny contains "x"
