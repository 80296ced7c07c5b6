import { describe, expect, it } from 'vitest';
import { MAX_EDITED } from '../../../src/protocol/messages';
import { editProblem } from '../../../webview-ui/src/edit';

describe('an input that a person wrote', () => {
  it('can be sent when it is a JSON object', () => {
    expect(editProblem('{"message": "Mend it"}')).toBeNull();
    expect(editProblem(' {}\n')).toBeNull();
  });

  it.each([
    ['{\n  "message": "a",\n}', /^This is not JSON: look at line 3, column 1\./],
    ['{"message": "a"', /^This is not JSON/],
    ['', /^This is not JSON: it stops before its end\./],
    ['["a"]', /^The input of a call is a JSON object/],
    ['null', /^The input of a call is a JSON object/],
    [`{"a": "${'x'.repeat(MAX_EDITED)}"}`, /^This is too long\./],
  ])('is refused with one line that says where to look: %#', (text, line) => {
    expect(editProblem(text)).toMatch(line);
    expect(editProblem(text)).not.toContain('\n');
  });
});
