import { count } from '../../report/text/count.ts'
import { visibleLine } from '../../report/text/visible.ts'
import type { LearnedSwitch } from './learn.ts'
import { settingsOf } from './settings.ts'

/** What was learned, for a person: settings for a fabric as YAML, the rows that are refuted, and each answer that the simulator gives otherwise. */
export function learnedText(learned: LearnedSwitch): string {
  const { device, eos, model, rows, facts, corrections } = learned
  const refuted = rows.filter(({ verdict }) => verdict === 'refuted')
  return [
    visibleLine(
      `${device}, ${model}, EOS ${eos}: ${count(refuted.length, 'refuted row')}, ${count(facts.length, 'setting')}, ${count(corrections.length, 'correction')}`,
    ),
    ...refuted.map(({ row, says }) => visibleLine(`✖ ${row}: ${says}`)),
    ...settingLines(learned),
    ...corrections.flatMap((one) => [
      '',
      visibleLine(`${one.probe} ${one.step}, \`${one.command}\`${one.isSet ? ' (the settings cover it)' : ''}`),
      visibleLine(`  simulator says: ${one.simulator}`),
      visibleLine(`  switch said:    ${one.switch}`),
    ]),
  ].join('\n')
}

function settingLines({ device, facts }: LearnedSwitch) {
  if (facts.length === 0) return []
  const { behaviour, faults } = settingsOf(facts)
  return [
    '',
    'For the switch in fabric.yaml:',
    ...(Object.keys(behaviour).length === 0 ? [] : [`behaviour: ${JSON.stringify(behaviour)}`]),
    ...(faults.length === 0 ? [] : [`faults: ${JSON.stringify(faults.map((fault) => ({ device, ...fault })))}`]),
  ].map(visibleLine)
}
