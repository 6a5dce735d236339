import { describe, expect, test } from 'vitest'
import { renderTemplate } from '../../../src/index.ts'

const VARIABLES = `{"vlans": [10, 20], "e": [], "em": {}, "d": {"b": 2, "a": "1", "C": [1]}, "lst": [{"name": "b", "v": [1, 2]}, {"name": "A", "v": {"x": ""}}],
  "acl": ["permit ip 10.0.0.0/8 any", "deny ip any any log"],
  "words": ["yes", "1", "1.0", "~", "a: b", "a #b", "- x", "x-", "'q'", "", "2001-12-14", "=", "0x1F", "@x"],
  "text": "first line\\nsecond line\\n", "html": "<", "half": "\\ud800",
  "long": "neighbor 10.0.0.1 remote-as 65102 and much more text behind it, so that a line of eighty is too short for it"}`

const rendered = (template: string) => {
  const made = renderTemplate(template, VARIABLES)
  return made.ok ? made.text : `refused: ${made.problems[0]?.message}`
}

// Recorded from Ansible 2.14.18 with PyYAML 6.0 and libyaml 0.2.5.
describe('YAML in templates is that of Ansible', () => {
  test.each([
    ['{{ d|to_yaml }}', "C: [1]\na: '1'\nb: 2\n"],
    ['{{ d|to_nice_yaml }}', "C:\n- 1\na: '1'\nb: 2\n"],
    ['{{ lst|to_nice_yaml(indent=2) }}', "- name: b\n  v:\n  - 1\n  - 2\n- name: A\n  v:\n    x: ''\n"],
    ['{{ lst|to_yaml }}', "- name: b\n  v: [1, 2]\n- name: A\n  v: {x: ''}\n"],
    [
      '{{ {"l": lst}|to_nice_yaml }}',
      "l:\n-   name: b\n    v:\n    - 1\n    - 2\n-   name: A\n    v:\n        x: ''\n",
    ],
    ['{{ {"l": vlans, "m": {"l": vlans + []}}|to_nice_yaml(indent=2) }}', 'l:\n- 10\n- 20\nm:\n  l:\n  - 10\n  - 20\n'],
    [
      '{{ words|to_yaml(width=1000) }}',
      "['yes', '1', '1.0', '~', 'a: b', 'a #b', '- x', x-, '''q''', '', '2001-12-14', '=', '0x1F', '@x']\n",
    ],
    [
      '{{ words|to_nice_yaml }}',
      "- 'yes'\n- '1'\n- '1.0'\n- '~'\n- 'a: b'\n- 'a #b'\n- '- x'\n- x-\n- '''q'''\n- ''\n- '2001-12-14'\n- '='\n- '0x1F'\n- '@x'\n",
    ],
    ['{{ text|to_yaml }}', "'first line\n\n  second line\n\n  '\n"],
    ['{{ {"t": text}|to_nice_yaml }}', "t: 'first line\n\n    second line\n\n    '\n"],
    ['{{ {"t": text}|to_nice_yaml(default_style="|") }}', '"t": |\n    first line\n    second line\n'],
    [
      '{{ {"t": long}|to_yaml }}',
      "{t: 'neighbor 10.0.0.1 remote-as 65102 and much more text behind it, so that a line\n    of eighty is too short for it'}\n",
    ],
    [
      '{{ {"t": long}|to_nice_yaml(width=40) }}',
      't: neighbor 10.0.0.1 remote-as 65102 and much\n    more text behind it, so that a line of\n    eighty is too short for it\n',
    ],
    [
      '{{ {"t": long}|to_nice_yaml(width=-1) }}',
      't: neighbor 10.0.0.1 remote-as 65102 and much more text behind it, so that a line of eighty is too short for it\n',
    ],
    ['{{ d|to_nice_yaml(sort_keys=false) }}', "b: 2\na: '1'\nC:\n- 1\n"],
    ['{{ {2: 1, "a": none, true: 1.0, 1.5: 1e16}|to_yaml }}', '{2: 1, a: null, true: 1.0, 1.5: 1.0e+16}\n'],
    ['{{ {2: 1, true: 1.0, 1.5: 1e-7}|to_yaml }}', '{true: 1.0, 1.5: 1.0e-07, 2: 1}\n'],
    ['{{ [none, true, -0.0, 12345678901234567890]|to_yaml }}', '[null, true, -0.0, 12345678901234567890]\n'],
    ['{{ d|to_yaml(default_flow_style=false) }}', "C:\n- 1\na: '1'\nb: 2\n"],
    ['{{ d|to_yaml(default_flow_style=true) }}', "{C: [1], a: '1', b: 2}\n"],
    ['{{ d|to_yaml(explicit_start=true, explicit_end=true) }}', "---\nC: [1]\na: '1'\nb: 2\n...\n"],
    ['{{ "x"|to_yaml }}', 'x\n'],
    ['{{ e|to_yaml }}{{ em|to_nice_yaml }}', '[]\n{}\n'],
    ['{{ ["Z\\u00fcrich", "\\U0001f44d", "a\\tb"]|to_yaml }}', '[Zürich, "\\U0001F44D", "a\\tb"]\n'],
    ['{{ {(1, 2): "a", "k\\nl": 1}|to_nice_yaml }}', "?   - 1\n    - 2\n: a\n? 'k\n\n    l'\n: 1\n"],
    ['{{ [1, "a"]|to_yaml(default_style="\'") }}', "- ! '1'\n- 'a'\n"],
    ['{{ ["a\\n\\n"]|to_yaml(default_style=">") }}', '- >+\n  a\n\n...\n'],
    ['{{ d|to_yaml(2) }}', "C: [1]\na: '1'\nb: 2\n"],
    ['{{ d|to_nice_yaml(2) }}', "C:\n- 1\na: '1'\nb: 2\n"],
    ['{{ d.items()|list|to_yaml }}', "- [b, 2]\n- [a, '1']\n- - C\n  - [1]\n"],
    [
      '{{ acl|to_yaml(indent=8, width=20) }}',
      '[permit ip 10.0.0.0/8\n                any, deny\n                ip any\n                any log]\n',
    ],
    [
      '{% filter from_yaml|to_nice_yaml(indent=2) %}b: [1, {c: yes}]\na: |\n  x\n  y\n{% endfilter %}',
      "a: 'x\n\n  y\n\n  '\nb:\n- 1\n- c: true\n",
    ],
    [
      '{{ "a: [1, 1.0, yes, 010, 1e5, ~, text]\\nb: {<<: {c: 1}, d: 1:30}"|from_yaml }}',
      "{'a': [1, 1.0, True, 8, '1e5', None, 'text'], 'b': {'c': 1, 'd': 90}}",
    ],
    ['{{ "- {1: a, yes: b}\\n- &x [1]\\n- *x"|from_yaml }}', "[{1: 'b'}, [1], [1]]"],
    ["{{ 5|from_yaml }}|{{ 'a'|from_yaml }}", '5|a'],
  ])('[V7] %j', (template, text) => {
    expect(rendered(template)).toBe(text)
  })
})

describe('YAML in templates', () => {
  const twice =
    'the same list or mapping is in the value twice: Ansible writes it once, as `&id001`, and `*id001` after'
  test.each([
    ['{{ [d, d]|to_yaml }}', `\`to_yaml\`: ${twice}`],
    ['{{ {"a": e, "b": e}|to_nice_yaml }}', `\`to_nice_yaml\`: ${twice}`],
    ['{{ [(1, 2), (1, 2)]|to_yaml }}', `\`to_yaml\`: ${twice}`],
    ['{{ "[&x [1], *x]"|from_yaml|to_yaml }}', `\`to_yaml\`: ${twice}`],
    ['{{ [html|e]|to_yaml }}', '`to_yaml`: a Markup cannot be written as YAML'],
    ['{{ [d.keys()]|to_yaml }}', '`to_yaml`: a dict_keys cannot be written as YAML'],
    ['{{ (lst|groupby("name"))|to_yaml }}', '`to_yaml`: a tuple cannot be written as YAML'],
    ['{{ half|to_yaml }}', '`to_yaml`: half a character cannot be written as YAML'],
    ['{{ [nosuch]|to_yaml }}', '`nosuch` is not defined'],
    ['{{ d|to_yaml(default_style="x") }}', 'there is no such `default_style`'],
    ['{{ d|to_yaml(allow_unicode=true) }}', '`to_yaml`: it takes no `allow_unicode`'],
    ['{{ d|to_nice_yaml(default_flow_style=true) }}', '`to_nice_yaml`: it takes no `default_flow_style`'],
    ['{{ d|to_yaml(width=1e3) }}', '`to_yaml`: the width must be a whole number, not a float'],
    ['{{ d|to_yaml(width=2147483648) }}', '`to_yaml`: the width is too large'],
    ['{{ "a: b: c"|from_yaml }}', '`from_yaml`: the text is no YAML: a ": " is not allowed here'],
    ['{{ "..."|from_yaml }}', '`from_yaml`: the text is no YAML: "..." ends a document, and none is before it'],
    ['{{ "--- 1\\n--- 2"|from_yaml }}', '`from_yaml`: the text is no YAML: a second document begins here'],
    [
      '{{ "a: 2001-12-14"|from_yaml }}',
      '`from_yaml`: the text is no YAML: "2001-12-14" is an object of Python, not a text',
    ],
    [
      '{{ "a: !!timestamp 2001-12-14"|from_yaml }}',
      '`from_yaml`: the text is no YAML: the tag !!timestamp is not known here',
    ],
    ['{{ "a: !vault x"|from_yaml }}', '`from_yaml`: the text is no YAML: the tag !vault is not known here'],
    ['{{ "{1.0: a}"|from_yaml }}', '`from_yaml`: the text is no YAML: a key is a float here'],
    [
      '{{ "{10: a, \\"10\\": b}"|from_yaml }}',
      '`from_yaml`: the text is no YAML: two keys differ in their type alone: 10',
    ],
    ['{{ "a\\u0001"|from_yaml }}', '`from_yaml`: the text is no YAML: the character U+0001 is not allowed in YAML'],
    ['{{ "a: 1"|from_yaml_all }}', 'the filter `from_yaml_all` is not rendered here'],
  ])('[V7] refuses %j', (template, message) => {
    expect(rendered(template)).toBe(`refused: ${message}`)
  })

  test('counts what it writes and reads', () => {
    expect(
      rendered('{% set x = (range(90000)|list) %}{{ x|to_yaml|length }}{{ x|to_yaml|length }}{{ x|to_yaml|length }}'),
    ).toBe('refused: the template takes more than 1000000 steps')
  })
})
