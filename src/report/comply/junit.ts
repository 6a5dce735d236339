import { failureLine } from '../sessions/text.ts'
import { type JunitCase, type JunitOutcome, junit } from '../text/junit.ts'
import { hanging, visibleLine } from '../text/visible.ts'
import { type Compliance, type ComplySection, isExcused, type SwitchCompliance, stateWords } from './comply.ts'

/** What was found in the form that CI systems read: a suite for each switch, a case for each section. What is excused is skipped. */
export function complyJunit({ switches }: Compliance): string {
  const suites = switches.map((one) => ({ name: one.name, cases: casesOf(one) }))
  return junit({ name: 'eosflow comply', suites, counts: 'skipped' })
}

function casesOf(one: SwitchCompliance): readonly JunitCase[] {
  if ('sections' in one)
    return one.sections.map((section) => ({ classname: one.name, name: section.name, outcomes: outcomes(section) }))
  const message =
    one.state === 'unknown'
      ? `${one.name}: nothing is intended for it`
      : failureLine({ device: one.name, failure: one.failure }).replace(/^\? /, '')
  return [{ classname: one.name, name: 'compared', outcomes: [{ element: 'error', message: visibleLine(message) }] }]
}

function outcomes(section: ComplySection): readonly JunitOutcome[] {
  const { states, config, lines } = section
  if (states.length > 0) {
    const text = config.map(({ sign, text }) => hanging(`${sign} ${text}`)).join('\n')
    return [{ element: 'failure', message: stateWords(section), text }]
  }
  const excuses = lines.filter(isExcused).flatMap(({ excuse }) => excuse ?? [])
  const words = new Set(excuses.map(({ owner, until, because }) => `excused by ${owner} until ${until}: ${because}`))
  return words.size === 0 ? [] : [{ element: 'skipped', message: visibleLine([...words].join('; ')) }]
}
