package main

import (
	"fmt"
	"io/fs"
	"path"

	"github.com/open-policy-agent/opa/v1/test/cases"
	"github.com/open-policy-agent/opa/v1/test/cases/testdata"
	"github.com/open-policy-agent/opa/v1/util"
)

// readCases reads all cases in Rego v1, which OPA carries in itself; each gets a name of its own.
func readCases() ([]cases.TestCase, error) {
	var found []cases.TestCase
	named := map[string]int{}
	err := fs.WalkDir(testdata.V1, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || path.Ext(name) != ".yaml" {
			return err
		}
		text, err := testdata.V1.ReadFile(name)
		if err != nil {
			return err
		}
		var set cases.Set
		if err := util.Unmarshal(text, &set); err != nil {
			return err
		}
		for _, test := range set.Cases {
			if named[test.Note]++; named[test.Note] > 1 {
				test.Note = fmt.Sprintf("%s #%d", test.Note, named[test.Note])
			}
			found = append(found, test)
		}
		return nil
	})
	return found, err
}
