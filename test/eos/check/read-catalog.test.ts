import { describe, expect, test } from 'vitest'
import { isSelected, runsOn } from '../../../src/eos/check/catalog-tags.ts'
import { readCatalog } from '../../../src/eos/check/read-catalog.ts'
import { readJson } from '../../../src/text/source/json.ts'
import { readYaml } from '../../../src/text/source/yaml.ts'
import { linesOf } from '../../table.ts'

const read = (text: string) => {
  const document = readYaml(text, 'catalog.yaml')
  if (!document.ok) throw new Error('the test is not YAML')
  return readCatalog(document.value)
}
const names = (text: string) => {
  const catalog = read(text)
  return catalog.ok ? catalog.value.map(({ spec }) => spec.name) : catalog.problems.map(({ message }) => message)
}

describe('a catalog', () => {
  test.each([
    ['dotted modules', 'anta.tests.mlag:\n  - VerifyMlagStatus:\nanta.tests.stp:\n  - VerifySTPBlockedPorts:\n'],
    ['nested modules', 'anta.tests:\n  mlag:\n    - VerifyMlagStatus:\n  stp:\n    - VerifySTPBlockedPorts:\n'],
    [
      'modules nested from the root',
      'anta:\n  tests:\n    mlag: [VerifyMlagStatus]\n    stp: [VerifySTPBlockedPorts: {}]\n',
    ],
    ['a list as in a workflow', '- VerifyMlagStatus\n- VerifySTPBlockedPorts:\n'],
  ])('is read in the form of %s', (_form, text) => {
    expect(names(text)).toEqual(['VerifyMlagStatus', 'VerifySTPBlockedPorts'])
  })

  test('is read as JSON', () => {
    const document = readJson('{"anta.tests.mlag": [{"VerifyMlagStatus": null}]}', 'catalog.json')
    const catalog = document.ok ? readCatalog(document.value) : document
    expect(catalog.ok && catalog.value.map(({ spec }) => spec.name)).toEqual(['VerifyMlagStatus'])
  })

  test('nests modules below modules, and knows short names and checks of eosflow', () => {
    const text = linesOf(`
      anta.tests:
        routing:
          bgp:
            - VerifyBGPPeersHealth:
                address_families: [{ afi: evpn }]
      anta.tests.routing.generic:
      eosflow:
        - reachable
        - vlans-present: { vlans: 10 }
    `)
    expect(names(text.join('\n'))).toEqual(['VerifyBGPPeersHealth', 'reachable', 'vlans-present'])
    expect(names('- mlag-status\n- ntp\n')).toEqual(['mlag-status', 'ntp'])
  })

  test('keeps what it says of a check apart from the inputs of the check', () => {
    const catalog = read(`anta.tests.mlag:
  - VerifyMlagStatus:
      filters: { tags: [leaf, dc1] }
      result_overwrite: { description: The pair stands, categories: [fabric], custom_field: CHG-7 }
  - VerifyMlagInterfaces:
`)
    expect(catalog.ok && catalog.value).toEqual([
      {
        spec: { name: 'VerifyMlagStatus', input: {} },
        at: { file: 'catalog.yaml', line: 2, column: 5 },
        tags: ['leaf', 'dc1'],
        categories: ['fabric'],
        description: 'The pair stands',
        customField: 'CHG-7',
      },
      {
        spec: { name: 'VerifyMlagInterfaces', input: {} },
        at: { file: 'catalog.yaml', line: 5, column: 5 },
        tags: [],
        categories: ['mlag'],
        description: 'Verifies that no MLAG port is inactive or active on one side only.',
      },
    ])
  })

  test('tells everything that is wrong at once, each with its place and a mend', () => {
    const catalog = read(`anta.tests.mlag:
  - VerifyMlagState:
  - VerifyMlagStatus: { verbose: true }
  - { VerifyMlagStatus: , VerifyMlagInterfaces: }
  - VerifyNTP:
  - VerifyMlagStatus: { filters: { tag: [leaf] } }
custom.tests.system:
  - VerifyPlatform: { type: [cEOS-LAB] }
anta.tests.mlga:
  - VerifyMlagStatus:
`)
    expect(catalog.ok).toBe(false)
    const told = catalog.ok
      ? []
      : catalog.problems.map(({ at, message, hint }) => `${at.line}:${at.column} ${message} | ${hint}`)
    expect(told).toEqual(
      linesOf(`
      2:5 there is no check \`VerifyMlagState\` | did you mean \`VerifyMlagStatus\`?
      3:25 the key \`verbose\` is not known | delete it
      4:5 this is not one check | write one check per item: \`- VerifyNTP:\`
      5:5 there is no check \`VerifyNTP\` in anta.tests.mlag | it is in anta.tests.system
      6:36 the key \`tag\` is not known in \`filters\` | did you mean \`tags\`?
      7:1 there is no module \`custom.tests.system\` | checks of your own in Python cannot be run; \`eosflow: [- assert: …]\` asserts anything that a show command tells
      9:1 there is no module \`anta.tests.mlga\` | did you mean \`anta.tests.mlag\`?
    `),
    )
  })

  test.each(['text', '{}', '7', 'anta.tests.mlag: { VerifyMlagStatus: 3 }'])('that is none is refused: %s', (text) => {
    expect(read(text).ok).toBe(false)
  })
})

describe('the tags of a check', () => {
  const leaf1 = { name: 'leaf1', tags: { role: 'leaf', site: 'dc1' } }

  test.each([
    [[], true],
    [['leaf'], true],
    [['spine', 'dc1'], true],
    [['role:leaf'], true],
    [['leaf1'], true],
    [['spine'], false],
    [['site:leaf'], false],
    [['role'], false],
  ])('%j run on a leaf of dc1: %s', (tags, runs) => {
    expect(runsOn(tags, leaf1)).toBe(runs)
  })

  test.each([
    [[], [], true],
    [['leaf'], [], true],
    [['leaf'], ['leaf', 'spine'], true],
    [[], ['leaf'], false],
    [['spine'], ['leaf'], false],
  ])('%j are selected by %j: %s', (tags, asked, selected) => {
    expect(isSelected(tags, asked)).toBe(selected)
  })
})
