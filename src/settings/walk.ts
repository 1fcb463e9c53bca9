/** Finds its way through a zod schema: which setting stands where, and what is written about it. */
import { stringify } from 'yaml'
import * as z from 'zod'
import type { Path } from './problems.js'

export interface Notes {
  /** One sentence for the operator. */
  readonly about?: string
  /** Completes "must be …". */
  readonly allowed?: string
  readonly example?: unknown
  /** A list whose settings bridge.example.yaml shows one by one, not as one line. */
  readonly inFull?: true
}

/** Writes the sentence, the allowed values and an example onto a schema. To be called last: wrapping loses them. */
export function setting<S extends z.ZodType>(schema: S, notes: Notes): S {
  const { about, ...others } = notes
  return schema.meta({ ...(about !== undefined && { description: about }), ...others })
}

/** A group of settings: other keys are errors. */
export const section = <S extends z.ZodRawShape>(about: string, shape: S): z.ZodObject<S, z.core.$strict> =>
  setting(z.strictObject(shape), { about })

export function notesOf(schema: z.ZodType): Notes {
  for (let at: z.ZodType | undefined = schema; at; at = wrapped(at)) {
    const meta = at.meta()
    if (!meta) continue
    return {
      ...(meta.description !== undefined && { about: meta.description }),
      ...(typeof meta['allowed'] === 'string' && { allowed: meta['allowed'] }),
      ...('example' in meta && { example: meta['example'] }),
      ...(meta['inFull'] === true && { inFull: true }),
    }
  }
  return {}
}

/** What a default, an optional or a pipe is wrapped around. */
function wrapped(schema: z.ZodType): z.ZodType | undefined {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodReadonly)
    return schema.unwrap() as z.ZodType
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodExactOptional) return schema.unwrap() as z.ZodType
  return schema instanceof z.ZodPipe ? (schema.in as z.ZodType) : undefined
}

export function bare(schema: z.ZodType): z.ZodType {
  const inside = wrapped(schema)
  return inside ? bare(inside) : schema
}

/** @returns the default as it would be written in YAML; undefined when there is none */
export function defaultOf(schema: z.ZodType): unknown {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) return schema.def.defaultValue
  const inside = wrapped(schema)
  return inside && defaultOf(inside)
}

export const isOptional = (schema: z.ZodType): boolean =>
  schema instanceof z.ZodExactOptional || schema instanceof z.ZodOptional

/** Completes "must be …"; a choice says it itself. */
export function allowedBy(schema: z.ZodType): string | undefined {
  const only = bare(schema)
  return notesOf(schema).allowed ?? (only instanceof z.ZodEnum ? `one of ${only.options.join(', ')}` : undefined)
}

/** `key: value` on one line, as YAML; text that YAML could take for a number stands in quotes. */
export const printLine = (key: string, value: unknown): string =>
  stringify({ [key]: value }, { collectionStyle: 'flow', lineWidth: 0 })
    .trim()
    .slice(2, -2)
    .replaceAll('[ ', '[')
    .replaceAll(' ]', ']')

/** The settings of a group, or nothing when the schema is no group. */
export function membersOf(schema: z.ZodType): readonly (readonly [string, z.ZodType])[] {
  const group = bare(schema)
  return group instanceof z.ZodObject ? Object.entries(group.shape) : []
}

/** What a list is made of. */
export function elementOf(schema: z.ZodType): z.ZodType | undefined {
  const list = bare(schema)
  if (list instanceof z.ZodArray) return list.element as z.ZodType
  if (list instanceof z.ZodUnion) return (list.options as z.ZodType[]).map(elementOf).find(found => found)
  return undefined
}

export function schemaAt(root: z.ZodType, path: Path): z.ZodType | undefined {
  return path.reduce<z.ZodType | undefined>((schema, step) => {
    if (!schema) return undefined
    return typeof step === 'number' ? elementOf(schema) : membersOf(schema).find(([key]) => key === step)?.[1]
  }, root)
}
