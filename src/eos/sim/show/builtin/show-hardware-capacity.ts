import type { JsonObject } from '../../../../model/json.ts'
import type { ConfigTree } from '../../../config/text/tree.ts'
import { hasCages } from '../../converge/platform.ts'
import { defineShow, type ShowContext } from '../format/define.ts'

/** `show hardware capacity utilization percent exceed N`: the tables that are used more than N per cent. */
export const showHardwareCapacity = defineShow({
  words: 'show hardware capacity utilization percent exceed <number>',
  docs: 'How full two tables of the hardware are; ANTA recordings (revision 1). Virtual switches have none.',
  refuse: refuseVirtual,
  json: (context, { number = '0' }) => ({
    tables: tables(context).filter(({ usedPercent }) => Number(usedPercent) > Number(number)),
  }),
})

/** `show hardware capacity alert threshold`: the tables of which a switch warns. */
export const showHardwareCapacityAlert = defineShow({
  words: 'show hardware capacity alert threshold',
  docs: 'From which share on a switch warns of a table; ANTA recordings (revision 1).',
  refuse: refuseVirtual,
  json: (context) => ({
    thresholds: Object.fromEntries(
      tables(context).map(({ table, feature }) => [
        [table, feature].filter((word) => word !== '').join('-'),
        { configThreshold: 90, configClearThreshold: 90, defaultThreshold: 90 },
      ]),
    ),
  }),
})

function refuseVirtual({ facts }: ShowContext): string | undefined {
  return hasCages(facts.model) ? undefined : 'Unavailable command (not supported on this hardware platform)'
}

/** How much fits; which tables a chip has, and how they are shared, is the board's (docs/unproven.md). */
const MAC_ENTRIES = 163_840
const ACL_ENTRIES = 1024

function tables({ state, running }: ShowContext): readonly JsonObject[] {
  return [tableJson('MAC', '', state.macs.length, MAC_ENTRIES), tableJson('TCAM', 'Acl', rulesIn(running), ACL_ENTRIES)]
}

function tableJson(table: string, feature: string, wanted: number, maxLimit: number): JsonObject {
  const used = Math.min(wanted, maxLimit)
  return {
    table,
    feature,
    chip: '',
    used,
    usedPercent: Math.floor((used / maxLimit) * 100),
    free: maxLimit - used,
    committed: 0,
    maxLimit,
    highWatermark: used,
    sharedFeatures: [],
  }
}

/** The rules of all access lists: each takes one entry. */
function rulesIn(running: ConfigTree): number {
  const lists = running.children.filter(({ line }) => /^ip(v6)? access-list /.test(line))
  return lists.flatMap(({ children }) => children.filter(({ line }) => /^\d+ (permit|deny) /.test(line))).length
}
