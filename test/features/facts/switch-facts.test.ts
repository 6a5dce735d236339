import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Reply } from '../../../src/eos/device/device.ts'
import { FACT_COMMANDS, factsOf } from '../../../src/features/facts/read-facts.ts'
import type { Json } from '../../../src/model/json.ts'
import { recordings } from '../../recordings.ts'

const MODELS = recordings('eos-samples/show-json/')
const IDENTITY = { serial: 'SSJ17115414', systemMac: '00:1c:73:00:00:01', eos: '4.32.2F', model: 'DCS-7050TX-64-R' }
const model = (file: string): Json => JSON.parse(readFileSync(new URL(file, MODELS), 'utf8')) as Json

const lookWith = (replies: readonly Reply[]): Parameters<typeof factsOf>[0] => ({
  identity: IDENTITY,
  uptime: 61,
  replies,
})

test.skipIf(!existsSync(MODELS))('reads what recorded switches say', () => {
  const files = [
    'show_hostname.json',
    'pyntc_show_boot-config.json',
    'show_mlag_detail_4.23.json',
    'show_inventory_rev2.json',
    'show_system_environment_power.json',
  ]
  expect(files.length).toBe(5)
  expect(factsOf(lookWith(files.map((file): Reply => ({ ok: true, json: model(file) }))))).toEqual({
    model: 'DCS-7050TX-64-R',
    serial: 'SSJ17115414',
    mac: '00:1c:73:00:00:01',
    eos: '4.32.2F',
    uptime: 61,
    hostname: 'localhost',
    image: 'EOS.swi',
    mlag: 'active',
    mlagDomain: 'mlag_leaf12',
    powerSupplies: { ok: 2, of: 2 },
  })
})

test('leaves out what is refused, and what has another form', () => {
  const facts = {
    model: 'DCS-7050TX-64-R',
    serial: 'SSJ17115414',
    mac: '00:1c:73:00:00:01',
    eos: '4.32.2F',
    uptime: 61,
  }
  const refused: Reply = { ok: false, error: 'Authorization denied' }
  expect(factsOf(lookWith(FACT_COMMANDS.map(() => refused)))).toEqual(facts)
  expect(factsOf(lookWith([]))).toEqual(facts)
  const strange: readonly Json[] = [[], null, { state: 3, domainId: '' }, { xcvrSlots: [] }, { powerSupplies: 'none' }]
  expect(factsOf(lookWith(strange.map((json): Reply => ({ ok: true, json }))))).toEqual(facts)
})

test('counts supplies that are not ok, and cages that are not empty', () => {
  const supplies = { powerSupplies: { 1: { state: 'ok' }, 2: { state: 'powerLoss' } } }
  const inventory = { xcvrSlots: { 1: { modelName: 'QSFP-100G-SR4' }, 2: { modelName: '' }, 3: {} } }
  const replies = [{}, {}, {}, inventory, supplies].map((json): Reply => ({ ok: true, json }))
  expect(factsOf(lookWith(replies))).toMatchObject({ powerSupplies: { ok: 1, of: 2 }, transceivers: 1 })
})
