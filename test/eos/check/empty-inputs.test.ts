import { expect, test } from 'vitest'
import { catalogueChecks } from '../../../src/eos/check/builtin/index.ts'
import { isJsonObject, type Json } from '../../../src/model/json.ts'

/** An example without what one of its lists, or one of its maps whose keys are data, says. */
interface Emptied {
  /** Where it stands: `bgp_peers[0].capabilities`. */
  readonly at: string
  /** The example with nothing in it. */
  readonly empty: Json
  /** The example without it. */
  readonly absent: Json
}

function emptied(json: Json, at = ''): readonly Emptied[] {
  if (Array.isArray(json)) {
    return json.flatMap((member: Json, index) =>
      emptied(member, `${at}[${index}]`).map((one) => ({
        ...one,
        empty: json.with(index, one.empty),
        absent: json.with(index, one.absent),
      })),
    )
  }
  if (!isJsonObject(json)) return []
  return Object.entries(json).flatMap(([key, value]) => {
    const name = at === '' ? key : `${at}.${key}`
    const { [key]: _left, ...absent } = json
    return [
      ...(isNamedMany(value) ? [{ at: name, empty: { ...json, [key]: Array.isArray(value) ? [] : {} }, absent }] : []),
      ...emptied(value, name).map((one) => ({
        ...one,
        empty: { ...json, [key]: one.empty },
        absent: { ...json, [key]: one.absent },
      })),
    ]
  })
}

/** A list, or a map keyed by numbers (VLANs, VNIs). */
function isNamedMany(json: Json) {
  return Array.isArray(json) || (isJsonObject(json) && Object.keys(json).some((key) => /^\d+$/.test(key)))
}

/** Lists that must be given and may be empty, and what is judged then. */
const STILL_JUDGED: Readonly<Record<string, string>> = {
  'VerifyCVXClusterStatus: peer_status': 'there may be no peer',
  'VerifyEnvironmentCooling: states': 'no state is allowed',
  'VerifyEnvironmentPower: states': 'no state is allowed',
  'VerifyTransceiversManufacturers: manufacturers': 'no manufacturer is allowed',
  'VerifyRunningConfig: rules[1].entries': 'the section must be there',
  'VerifyIPv4ACL: ipv4_access_lists[0].entries': 'the access list must be there',
  'VerifyVxlanVtep: vteps': 'there may be no peer',
}

test('a list of what to judge that must be given cannot be empty: a check that judges nothing would pass', () => {
  const lists = catalogueChecks.flatMap(({ name, input, example = {} }) =>
    emptied(example).map((one) => ({ ...one, name, input })),
  )
  expect(lists.length).toBeGreaterThan(160)
  const accepted = lists.filter(
    ({ input, empty, absent }) => input.safeParse(empty).success && !input.safeParse(absent).success,
  )
  expect(accepted.map(({ name, at }) => `${name}: ${at}`).sort()).toEqual(Object.keys(STILL_JUDGED).sort())
})
