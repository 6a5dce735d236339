import { describe, expect, test } from 'vitest'
import { renderTemplate } from '../../../src/change/workflow/template/library.ts'
import { table } from '../../table.ts'

const VARIABLES = JSON.stringify({
  none: null,
  empty: [],
  text: 'something',
  number: 12,
  ports: ['Et10', 'Et9', 'et1'],
})

function shown(expression: string) {
  const rendered = renderTemplate(`{{ ${expression} }}`, VARIABLES)
  return rendered.ok ? rendered.text : `refused: ${rendered.problems[0]?.message}`
}

// Worked by hand from the documentation of arista.avd (Filter_plugins, Test_plugins); the collection is not in the references.
describe('the names of arista.avd', () => {
  test.each([
    ...table`
    text is arista.avd.defined                                          True
    none is arista.avd.defined                                          False
    nope is arista.avd.defined                                          False
    text.a.b is arista.avd.defined                                      False
    nope is not arista.avd.defined                                      True
    empty is arista.avd.defined                                         True
    false is arista.avd.defined                                         True
    '' is arista.avd.defined                                            True
    text is arista.avd.defined('something')                             True
    text is arista.avd.defined('else')                                  False
    nope is arista.avd.defined('something')                             False
    true is arista.avd.defined(true)                                    True
    false is arista.avd.defined(true)                                   False
    number is arista.avd.defined(12)                                    True
    number is arista.avd.defined('12')                                  refused: the text '12' is compared with the number 12: they are never equal
    text is arista.avd.defined(var_type='str')                          True
    text is arista.avd.defined(var_type='list')                         False
    empty is arista.avd.defined(var_type='list')                        True
    number is arista.avd.defined(var_type='int')                        True
    1.5 is arista.avd.defined(var_type='float')                         True
    {} is arista.avd.defined(var_type='dict')                           True
    true is arista.avd.defined(var_type='int')                          False
    text is arista.avd.defined('something', 'str')                      True
    text is arista.avd.defined(fail_action='error')                     True
    nope is arista.avd.defined(fail_action='warning', var_name='nope')  False
    text is arista.avd.defined(var_type='int', fail_action='error')     refused: a variable is a str and not a int
    ports|select('arista.avd.defined')|list|length                      3
  `,
    [
      "nope is arista.avd.defined(fail_action='error', var_name='a.nope')",
      'refused: `a.nope` was expected but not set',
    ],
  ])('defined: %s', (expression, expected) => {
    expect(shown(expression)).toBe(expected)
  })

  test.each([
    ...table`
    text|arista.avd.default('a')                   something
    nope|arista.avd.default('a')                   a
    none|arista.avd.default('a')                   a
    text.a.b|arista.avd.default('a')               a
    nope|arista.avd.default(none, nada, 'b', 'c')  b
    false|arista.avd.default(true)                 False
    0|arista.avd.default(7)                        0
    empty|arista.avd.default(['a'])                []
  `,
    ['nope|arista.avd.default(none, nada)', ''],
    ["''|arista.avd.default('a')", ''],
  ])('default: %s', (expression, expected) => {
    expect(shown(expression)).toBe(expected)
  })

  test.each([
    ["['test19', 'test9']", '', "['test9', 'test19']"],
    ["{'test19': 'value', 'test9': 'value'}", '', "['test9', 'test19']"],
    ["[{'name': 'test19'}, {'name': 'test9'}]", "('name')", "[{'name': 'test9'}, {'name': 'test19'}]"],
    ['none', '', '[]'],
    ['nope', '', '[]'],
    ['ports', '', "['et1', 'Et9', 'Et10']"],
    ['ports', '(ignore_case=false)', "['Et9', 'Et10', 'et1']"],
    ['[10, 9, 100]', '', '[9, 10, 100]'],
    ["['Et1/10', 'Et1/9', 'Et1/9.2']", '', "['Et1/9', 'Et1/9.2', 'Et1/10']"],
    ["'a10'", '', "['0', '1', 'a']"],
    ["['b', '2', '10']", '', "['2', '10', 'b']"],
    ["['10.0.0.10', '10.0.0.9']", '', "['10.0.0.9', '10.0.0.10']"],
    [
      "[{'name': 'a'}, {'id': 1}]",
      "('name')",
      'refused: `arista.avd.natural_sort`: an item lacks `name`, by which the list is sorted',
    ],
    // An item without the key is sorted by its whole text, which begins with `{`.
    ["[{'x': 1}, {'n': 'b'}, {'n': '~'}]", "('n', strict=false)", "[{'n': 'b'}, {'x': 1}, {'n': '~'}]"],
  ])('natural_sort: %s %s', (items, given, expected) => {
    expect(shown(`${items}|arista.avd.natural_sort${given}`)).toBe(expected)
  })

  test.each([
    ...table`
    [1, 2, 3, 4, 5]  1-5
    [1, 2, 3, 7, 8]  1-3,7-8
    [3, 1, 2]        1-3
    [1, 2]           1-2
    [5]              5
    [1, 3, 5]        1,3,5
    [1, 1, 2]        1,1-2
  `,
    ['[]', ''],
    ['[1, "2"]', 'refused: `arista.avd.list_compress`: a list of whole numbers is needed, and it has a str'],
    ["'1-3'", 'refused: `arista.avd.list_compress`: a list of whole numbers is needed'],
  ])('list_compress: %s', (items, expected) => {
    expect(shown(`${items}|arista.avd.list_compress`)).toBe(expected)
  })

  test.each([
    ...table`
    'Ethernet1'                                    Ethernet1
    'Ethernet1-2'                                  Ethernet1;Ethernet2
    'Eth 3-5,7-8'                                  Eth 3;Eth 4;Eth 5;Eth 7;Eth 8
    'et2-6,po1-2'                                  et2;et3;et4;et5;et6;po1;po2
    ['Ethernet1']                                  Ethernet1
    ['Ethernet 1-2', 'Eth3-5', '7-8']              Ethernet 1;Ethernet 2;Eth3;Eth4;Eth5;7;8
    ['Ethernet2-3', 'Port-channel1-2']             Ethernet2;Ethernet3;Port-channel1;Port-channel2
    ['Ethernet1/1-2', 'Eth1-2/3-5,5/1-2']          Ethernet1/1;Ethernet1/2;Eth1/3;Eth1/4;Eth1/5;Eth2/3;Eth2/4;Eth2/5;Eth5/1;Eth5/2
    ['Eth1.1,9-10.1', 'Eth2.2-3', 'Eth3/1-2.3-4']  Eth1.1;Eth9.1;Eth10.1;Eth2.2;Eth2.3;Eth3/1.3;Eth3/1.4;Eth3/2.3;Eth3/2.4
    '1-3'                                          1;2;3
    ['1', '2', '3']                                1;2;3
    'vlan1-3'                                      vlan1;vlan2;vlan3
    'Et1-2/3-4/5-6'                                Et1/3/5;Et1/3/6;Et1/4/5;Et1/4/6;Et2/3/5;Et2/3/6;Et2/4/5;Et2/4/6
    'Et01-02,03'                                   Et1;Et2;Et3
    'Et1, Et2'                                     Et1; Et2
    [['Et1'], ['Et2-3']]                           Et1;Et2;Et3
  `,
    ["''", ''],
    ["'Et1/2/3/4'", 'refused: `arista.avd.range_expand`: `Et1/2/3/4` is no range'],
    ["'Et1.2.3'", 'refused: `arista.avd.range_expand`: `Et1.2.3` is no range'],
    ["'Et3-1'", 'refused: `arista.avd.range_expand`: the range 3-1 goes down'],
    ["'Management'", 'refused: `arista.avd.range_expand`: `Management` is no range'],
    ['[1]', 'refused: `arista.avd.range_expand`: a range must be a text, not a int'],
  ])('range_expand: %s', (range, expected) => {
    expect(shown(`${range}|arista.avd.range_expand|join(';')`)).toBe(expected)
  })
})
