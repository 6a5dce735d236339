/** What somebody does to the first or the last of the three records of x1, in positions 1 and 3, in any dialect. */
export const ALTERED_ENDS: Readonly<Record<string, string>> = {
  'a first record that says something else': `UPDATE event SET body = replace(body, '"leaf1"', '"leaf9"') WHERE pos = 1`,
  'a last record that says something else': `UPDATE event SET body = replace(body, '"on"', '"no"') WHERE pos = 3`,
  'a first record that is gone': 'DELETE FROM event WHERE pos = 1',
  'a last record that is gone': 'DELETE FROM event WHERE pos = 3',
  'a first record at another place': 'UPDATE event SET pos = 900 WHERE pos = 1',
  'a last record at another place': 'UPDATE event SET pos = 900 WHERE pos = 3',
  'a first record that is said to be another one': 'UPDATE execution SET first = 2',
  'a last record that is said to be another one': 'UPDATE execution SET last = 2',
  'an end that is said to be one before':
    'UPDATE execution SET n = 2, last = 2, hash = (SELECT hash FROM event WHERE pos = 2)',
  'an execution that is said to have ended': 'UPDATE execution SET is_open = NOT is_open',
}
