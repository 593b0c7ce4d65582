import { describe, expect, it } from '@jest/globals';
import { isOurImage } from '../../../../src/cluster/admit/images.ts';

const DIGEST = `@sha256:${'0'.repeat(64)}`;
const allowed = ['mirror.corp/postern:9'];
const previous = [`postern@sha256:${'2'.repeat(64)}`];

describe('an image of a container of ours', () => {
  it.each([
    ['postern:1.2.3', true],
    ['postern:1.1.0', true],
    [`postern${DIGEST}`, true],
    [`postern:1.1.0${DIGEST}`, true],
    ['mirror.corp/postern:9', true],
    ['mirror.corp/postern:8', false],
    ['evil:1', false],
    ['evil/postern:1.2.3', false],
    ['postern:5000/evil:1', false],
    ['postern-evil:1', false],
    ['postern@sha256:evil', false],
  ])('of a repository is any version of it: %s', (image, isOurs) => {
    expect(isOurImage(image, { reference: 'postern:1.2.3', allowed, previous })).toBe(isOurs);
  });

  it.each([
    [`postern${DIGEST}`, true],
    ['mirror.corp/postern:9', true],
    ['postern:1.2.3', false],
    [`postern@sha256:${'2'.repeat(64)}`, true],
    [`postern@sha256:${'1'.repeat(64)}`, false],
  ])('that is pinned is that one: %s', (image, isOurs) => {
    expect(isOurImage(image, { reference: `postern${DIGEST}`, allowed, previous })).toBe(isOurs);
  });

  it('of a repository with a port is of it', () => {
    const settings = { reference: 'localhost:5000/postern:1', allowed: [], previous: [] };
    expect(isOurImage('localhost:5000/postern:2', settings)).toBe(true);
    expect(isOurImage('localhost:5000/evil:2', settings)).toBe(false);
  });
});
