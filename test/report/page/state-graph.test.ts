import { describe, expect, test } from 'vitest'
import { MOST_STATES, stateGraph } from '../../../src/report/page/flow.ts'
import type { ExecutionView } from '../../../src/report/view/execution-view.ts'

type Drawn = Pick<ExecutionView, 'states' | 'ways'>

const state = (name: string, standing: ExecutionView['states'][number]['standing'] = 'ahead') => ({
  place: name,
  state: name,
  standing,
  visits: standing === 'ahead' ? 0 : 1,
})
const way = (from: string, to: string, isCaught = false) => ({ from, to, label: '', isCaught })

/** In which layer each state is drawn, from the top. */
function layersOf(drawn: Drawn) {
  const text = stateGraph(drawn)?.toString() ?? ''
  const boxes = [...text.matchAll(/<g><title>(\w+)[^<]*<\/title><rect class="node \w+" x="[\d.]+" y="(\d+)"/g)]
  return Object.fromEntries(boxes.map(([, name = '', y]) => [name, (Number(y) - 2) / 64]))
}

describe('the graph of a state machine', () => {
  test('has each state below all that lead to it, and a way back goes up', () => {
    const drawn: Drawn = {
      states: ['Start', 'Weigh', 'Small', 'Big', 'Check', 'Failed'].map((name) => state(name)),
      ways: [
        way('Start', 'Weigh'),
        way('Weigh', 'Small'),
        way('Weigh', 'Big'),
        way('Small', 'Check'),
        way('Big', 'Small'),
        way('Check', 'Start'),
        way('Check', 'Failed', true),
      ],
    }
    expect(layersOf(drawn)).toEqual({ Start: 0, Weigh: 1, Big: 2, Small: 3, Check: 4, Failed: 5 })
    const text = stateGraph(drawn)?.toString() ?? ''
    expect(text.match(/class="way"/g)).toHaveLength(6)
    expect(text.match(/class="way caught"/g)).toHaveLength(1)
    expect(text).not.toMatch(/ style=|NaN|undefined/)
  })

  test('shows what is inside a Map as one box, and names as text', () => {
    const drawn: Drawn = { states: [state('<b>', 'now'), { ...state('Push'), place: 'Roll.Push' }], ways: [] }
    const text = stateGraph(drawn)?.toString() ?? ''
    expect(text.match(/<rect/g)).toHaveLength(1)
    expect(text).not.toContain('<b>')
  })

  test('is left to the list where there are too many, and where a state is reached by nothing it is drawn all the same', () => {
    const many = Array.from({ length: MOST_STATES + 1 }, (_, index) => state(`S${index}`))
    expect(stateGraph({ states: many, ways: [] })).toBeUndefined()
    expect(Object.keys(layersOf({ states: many.slice(0, MOST_STATES), ways: [] }))).toHaveLength(MOST_STATES)
  })
})
