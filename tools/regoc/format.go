package main

import "github.com/open-policy-agent/opa/v1/format"

// formatModules gives the files whose text is not as OPA formats it, with the text they should have.
func formatModules(request Request) Answer {
	var out Answer
	out.Formatted = map[string]string{}
	for _, module := range request.Modules {
		formatted, err := format.Source(module.File, []byte(module.Text))
		if err != nil {
			out.Issues = append(out.Issues, issuesOf(err)...)
			continue
		}
		if string(formatted) != module.Text {
			out.Formatted[module.File] = string(formatted)
		}
	}
	return out
}
