/** Names of a model's classes, from whatever tells them, and the ids that they have elsewhere. */
import { BadInput } from '../foundation/bad-input';
import { COCO_NAMES, COCO_NAMES_BY_ID } from './decoders/coco-names';
import { assumed, concluded } from './decoders/decoder';
import { yoloMetadata } from './decoders/yolo-metadata';
import type { DecoderPlan, Evidence, ModelContext, ModelPlan, ModelSignature } from './model';

export interface NamedClasses {
  readonly names: ModelPlan['classNames'];
  readonly from: ModelPlan['classNamesFrom'];
  readonly evidence: readonly Evidence[];
}

type LabelMap = NonNullable<ModelContext['labelMap']>;

const listed = (names: readonly (string | null)[]): string =>
  names
    .slice(0, 5)
    .map((name) => name ?? '(none)')
    .join(', ') + (names.length > 5 ? ', ...' : '');

/** Names by class index from a label map: id 1 is index 0. Throws where it has ids that the model has no class for. */
function namesOfLabelMap(labelMap: LabelMap, classCount: number | null): (string | null)[] {
  const highest = Math.max(...labelMap.map(({ id }) => id));
  if (classCount !== null && highest > classCount)
    throw new BadInput(
      'label-map-does-not-fit',
      `The label map goes up to id ${highest}, but the model has ${classCount} ${classCount === 1 ? 'class' : 'classes'}.`,
      'Give the label map that the model was trained with (--label-map), or correct --background and --class-base.',
    );
  const names: (string | null)[] = new Array<string | null>(highest).fill(null);
  for (const { id, name } of labelMap) if (id > 0) names[id - 1] = name;
  return names;
}

/** The file's own names; a label map beside them has to know at least one of them. */
function checkAgainstLabelMap(names: readonly (string | null)[], labelMap: LabelMap): Evidence | null {
  const known = new Set(labelMap.map(({ name }) => name));
  const missing = names.filter((name) => name !== null && !known.has(name));
  if (missing.length === names.length)
    throw new BadInput(
      'label-map-does-not-fit',
      `The label map has none of the names in the model's metadata: the model has ${listed(names)}, the map ${listed([...known])}.`,
      'Give the label map that belongs to the model, or none.',
    );
  return missing.length === 0
    ? null
    : concluded('class-names', `The label map lacks ${listed(missing)}; these keep the model's own numbers.`);
}

function fromProject(names: readonly string[], classCount: number | null): NamedClasses | null {
  if (classCount === null || names.length !== classCount) return null;
  return {
    names,
    from: 'project',
    evidence: [
      assumed(
        'class-names',
        `The file names no classes; it has as many as the project (${classCount}), taken in the project's order: ${listed(names)}; --label-map corrects it.`,
      ),
    ],
  };
}

function fromCoco({ name, classCount }: DecoderPlan): NamedClasses | null {
  const names =
    name === 'coco-ssd' ||
    classCount === COCO_NAMES_BY_ID.length ||
    classCount === COCO_NAMES_BY_ID.length + 1
      ? COCO_NAMES_BY_ID
      : classCount === COCO_NAMES.length
        ? COCO_NAMES
        : null;
  if (names === null) return null;
  return {
    names,
    from: 'built-in',
    evidence: [
      assumed(
        'class-names',
        `The file names no classes; with ${classCount ?? names.length} of them COCO's are taken; --label-map corrects it.`,
      ),
    ],
  };
}

/** Names of a file beside the model that its library wrote, where it can be this model's. */
function namesBeside({ transformers, paddle }: ModelContext, { classCount }: DecoderPlan) {
  const names = transformers?.names ?? paddle?.names ?? null;
  if (names === null || (classCount !== null && names.length !== classCount)) return null;
  return { names, file: transformers?.names ? 'config.json' : 'infer_cfg.yml' };
}

/** Throws `BadInput` (`label-map-does-not-fit`) where a label map contradicts the model. */
export function nameClasses(
  signature: ModelSignature,
  context: ModelContext,
  decoder: DecoderPlan,
): NamedClasses {
  const inFile = yoloMetadata(signature)?.names ?? null;
  const beside = namesBeside(context, decoder);
  const own = inFile ?? beside?.names ?? null;
  const labelMap = context.labelMap?.length ? context.labelMap : null;
  if (own !== null) {
    const remark = labelMap === null ? null : checkAgainstLabelMap(own, labelMap);
    const where = inFile === null && beside ? `${beside.file} beside the model` : 'metadata';
    const told = concluded('class-names', `The ${where} names ${own.length} classes: ${listed(own)}.`);
    return { names: own, from: 'metadata', evidence: remark ? [told, remark] : [told] };
  }
  if (labelMap !== null) {
    const names = namesOfLabelMap(labelMap, decoder.classCount);
    const told = concluded(
      'class-names',
      `The label map names ${labelMap.length} classes: ${listed(names)}.`,
    );
    return { names, from: 'label-map', evidence: [told] };
  }
  const taken =
    (context.classNames && fromProject(context.classNames, decoder.classCount)) ?? fromCoco(decoder);
  return (
    taken ?? {
      names: null,
      from: null,
      evidence: [
        assumed(
          'class-names',
          'Nothing names the classes: they keep the model’s numbers, counted from 1; --label-map names them.',
        ),
      ],
    }
  );
}

export interface ClassIds {
  /** Id of a class index; null where the class has none and its boxes are left out. */
  readonly idOf: (classIndex: number) => number | null;
  /** Names of the model that the truth lacks. */
  readonly missing: readonly string[];
}

/**
 * Category ids of a model's classes: the truth's by exact name, else the label map's by name, else the model's number
 * counted from 1. With a truth, classes whose name it lacks have no id.
 */
export function classIds(
  { classNames }: Pick<ModelPlan, 'classNames'>,
  labelMap: ModelContext['labelMap'],
  truth: readonly { readonly id: number; readonly name: string }[] | null,
): ClassIds {
  const idByName = new Map((truth ?? labelMap ?? []).map(({ id, name }) => [name, id]));
  const nameOf = (classIndex: number) => classNames?.[classIndex] ?? null;
  const missing =
    truth === null ? [] : (classNames ?? []).filter((name) => name !== null && !idByName.has(name));
  return {
    missing: missing as string[],
    idOf: (classIndex) => {
      const name = nameOf(classIndex);
      const known = name === null ? undefined : idByName.get(name);
      if (known !== undefined) return known;
      return truth !== null && classNames !== null ? null : classIndex + 1;
    },
  };
}
