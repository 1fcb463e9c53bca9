/** Folders from which lists are imported. */
import * as z from 'zod'
import { line } from './values.js'
import { setting } from './walk.js'

const rosterImport = z.strictObject({
  journal: setting(z.string(), {
    about: 'Journal whose accounts the lists name.',
    allowed: 'the id of a journal above',
    example: 'sgo',
  }),
  school: setting(z.string(), {
    about: 'School whose lists they are.',
    allowed: 'the code of a school that uses this journal',
    example: 'school-1',
  }),
  folder: setting(line(1_000), {
    about: 'Folder into which the lists are put; the bridge must be able to write there. One folder for one list.',
    allowed: 'the path of a folder',
    example: 'data/lists/sgo',
  }),
  mapping: setting(line(1_000).exactOptional(), {
    about: 'YAML file that says which columns of the lists mean what.',
    allowed: 'the path of a file',
    example: 'docs/examples/mapping-sgo.yaml',
  }),
})

export const rosterImportsList = setting(z.array(rosterImport).exactOptional(), {
  about: 'Folders from which lists of people are imported on their own.',
  allowed: 'a list of `{ journal: …, school: …, folder: … }`',
  example: [
    { journal: 'sgo', school: 'school-1', folder: 'data/lists/sgo', mapping: 'docs/examples/mapping-sgo.yaml' },
  ],
})
