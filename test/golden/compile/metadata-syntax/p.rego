# METADATA
# title: [unclosed
package postern.policies.a.d

deny contains "x"
