// What the demonstration's platform team keeps in git: the policy artifact, a policy of its own, and phrases as data.

export const CONFIG = {
  max_user_length: 1000,
  allow_code_execution: false,
  models: { allow: ['gpt-4o*', 'claude-*'] },
};

export const POLICY = `# METADATA
# title: No contracts
# description: Nobody has the model write a contract.
# custom:
#   severity: high
#   phases: [request]
package postern.policies.legal.contracts

deny contains "Ask the legal department for contracts." if {
	input.phase == "request"
	some finding in input.findings
	finding.code == "legal.contract"
}
`;

export const PATTERNS = `- {id: legal.contract, literal: draft a contract, severity: high, origins: [user]}
`;
