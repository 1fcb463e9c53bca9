import { fileURLToPath } from 'node:url'

/** Where a file that ships with the project lies, e.g. `projectFile('metadata/schemas/xml.xsd')`. Works from `dist/src/base`. */
export const projectFile = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url))
