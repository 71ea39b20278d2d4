/** Faults of names, flags, limits and fields. */
import type { Box } from './data-files.fixture';
import type { Planting } from './planting.fixture';
import { chosenIds } from './planting.fixture';

const rename =
  (change: (name: string, index: number) => string): Planting['plant'] =>
  (files, where) => {
    const chosen = chosenIds(files, where);
    const nameOf = new Map(files.truth.images.map(({ id, file_name }, index) => [id, { file_name, index }]));
    for (const record of files.predictions) {
      const { file_name, index } = nameOf.get(Number(record.image_id))!;
      record.file_name = chosen.has(Number(record.image_id)) ? change(file_name, index) : file_name;
      delete record.image_id;
    }
  };

const base = (name: string): string => name.slice(name.lastIndexOf('/') + 1);

export const JOIN_PLANTINGS: readonly Planting[] = [
  {
    name: 'names in capitals',
    code: 'images-not-joined',
    kind: 'names',
    plant: rename((name) => name.toUpperCase()),
    evidence: { rule: 'case' },
  },
  {
    name: 'double extension',
    code: 'images-not-joined',
    kind: 'names',
    plant: rename((name) => `${name}.jpg`),
    evidence: { rule: 'extension' },
  },
  {
    name: 'only the numbers',
    code: 'images-not-joined',
    kind: 'names',
    plant: rename((name) => `${/(\d+)\D*$/.exec(base(name))?.[1] ?? name}.jpg`),
    evidence: { rule: 'digits' },
  },
  {
    name: 'stem with a tail',
    code: 'images-not-joined',
    kind: 'names',
    plant: rename((name) => base(name).replace(/\.\w+$/, '_pred.jpg')),
    evidence: { rule: 'stem' },
  },
  {
    name: 'images numbered from 0',
    code: 'images-not-joined',
    kind: 'names',
    isWhole: true,
    evidence: { rule: 'digits' },
    plant: (files) => {
      const placeOf = new Map(files.truth.images.map(({ id }, index) => [id, index]));
      for (const record of files.predictions) record.image_id = placeOf.get(Number(record.image_id))!;
    },
  },
  {
    name: 'images numbered by the numbers in their names',
    code: 'images-not-joined',
    kind: 'names',
    isWhole: true,
    evidence: { rule: 'digits' },
    plant: (files) => {
      const numberOf = new Map(
        files.truth.images.map(({ id, file_name }) => [id, Number(/(\d+)\D*$/.exec(base(file_name))![1])]),
      );
      for (const record of files.predictions) record.image_id = numberOf.get(Number(record.image_id))!;
    },
  },
  {
    name: 'image ids 100000 more',
    code: 'images-not-joined',
    kind: 'names',
    isWhole: true,
    evidence: { rule: 'digits' },
    plant: (files) => {
      for (const record of files.predictions) record.image_id = Number(record.image_id) + 100_000;
    },
  },
];

const flagAll =
  (flag: 'iscrowd' | 'difficult'): Planting['plant'] =>
  (files, where) => {
    const chosen = chosenIds(files, where);
    for (const one of files.truth.annotations) if (chosen.has(one.image_id)) one[flag] = 1;
  };

const cutAt =
  (threshold: number): Planting['plant'] =>
  (files) => {
    files.predictions = files.predictions.filter(({ score }) => score >= threshold);
  };

const capAt =
  (limit: number): Planting['plant'] =>
  (files) => {
    const seen = new Map<unknown, number>();
    const byScore = [...files.predictions].sort((a, b) => b.score - a.score);
    const kept = new Set(
      byScore.filter(({ image_id }) => {
        seen.set(image_id, (seen.get(image_id) ?? 0) + 1);
        return seen.get(image_id)! <= limit;
      }),
    );
    files.predictions = files.predictions.filter((record) => kept.has(record));
  };

const repeat =
  (jitter: number): Planting['plant'] =>
  (files, where, random) => {
    const chosen = chosenIds(files, where);
    const move = (value: number, size: number): number => value + (random() - 0.5) * jitter * size;
    files.predictions = files.predictions.flatMap((record) => {
      if (!chosen.has(Number(record.image_id))) return [record];
      const [x, y, w, h] = record.bbox;
      const bbox: Box = [move(x, w), move(y, h), w, h];
      return [record, { ...record, bbox, score: record.score * 0.98 }];
    });
  };

const clipAt =
  (limit: number): Planting['plant'] =>
  (files) => {
    const seen = new Map<number, number>();
    files.truth.annotations = files.truth.annotations.filter(({ image_id }) => {
      seen.set(image_id, (seen.get(image_id) ?? 0) + 1);
      return seen.get(image_id)! <= limit;
    });
  };

export const OTHER_PLANTINGS: readonly Planting[] = [
  {
    name: 'all crowd',
    code: 'flags-wrong',
    kind: 'flags',
    plant: flagAll('iscrowd'),
    evidence: { flag: 'iscrowd' },
  },
  {
    name: 'every third annotation a crowd',
    code: 'flags-wrong',
    kind: 'flags',
    isWhole: true,
    plant: (files) => files.truth.annotations.forEach((one, index) => index % 3 === 0 && (one.iscrowd = 1)),
    evidence: { flag: 'iscrowd' },
  },
  {
    name: 'scores cut at 0.05',
    code: 'scores-cut',
    kind: 'limits',
    isWhole: true,
    price: 'bound',
    plant: cutAt(0.05),
    evidence: { threshold: 0.05 },
  },
  {
    name: 'scores cut at 0.3',
    code: 'scores-cut',
    kind: 'limits',
    isWhole: true,
    price: 'bound',
    plant: cutAt(0.3),
    evidence: { threshold: 0.3 },
  },
  {
    name: 'scores cut at 0.5',
    code: 'scores-cut',
    kind: 'limits',
    isWhole: true,
    price: 'bound',
    plant: cutAt(0.5),
    evidence: { threshold: 0.5 },
  },
  {
    name: 'ten detections',
    code: 'detections-capped',
    kind: 'limits',
    isWhole: true,
    price: 'bound',
    plant: capAt(10),
    evidence: { limit: 10 },
  },
  {
    name: 'one detection',
    code: 'detections-capped',
    kind: 'limits',
    isWhole: true,
    price: 'bound',
    plant: capAt(1),
    evidence: { limit: 1 },
  },
  { name: 'every box twice', code: 'duplicates-not-suppressed', kind: 'limits', plant: repeat(0) },
  { name: 'every box twice, moved', code: 'duplicates-not-suppressed', kind: 'limits', plant: repeat(0.06) },
  {
    name: 'areas 0',
    code: 'area-wrong',
    kind: 'truth-fields',
    price: 'none',
    plant: (files) => files.truth.annotations.forEach((one) => (one.area = 0)),
  },
  {
    name: 'areas of another scale',
    code: 'area-wrong',
    kind: 'truth-fields',
    price: 'none',
    plant: (files) => files.truth.annotations.forEach((one) => (one.area = one.bbox[2] * one.bbox[3] * 0.01)),
  },
  {
    name: 'areas a quarter',
    code: 'area-wrong',
    kind: 'truth-fields',
    price: 'none',
    plant: (files) => files.truth.annotations.forEach((one) => (one.area = one.bbox[2] * one.bbox[3] * 0.25)),
  },
  {
    name: 'ids from 0',
    code: 'ids-invalid',
    kind: 'truth-fields',
    price: 'none',
    plant: (files) => files.truth.annotations.forEach((one, index) => (one.id = index)),
  },
  {
    name: 'ids repeated',
    code: 'ids-invalid',
    kind: 'truth-fields',
    price: 'none',
    plant: (files) => files.truth.annotations.forEach((one, index) => (one.id = 1 + Math.floor(index / 2))),
  },
  {
    name: 'a class without truth',
    code: 'class-without-truth',
    kind: 'truth-fields',
    price: 'none',
    plant: (files) => {
      const counts = new Map<number, number>();
      for (const { category_id } of files.truth.annotations)
        counts.set(category_id, (counts.get(category_id) ?? 0) + 1);
      const [gone] = [...counts].sort((a, b) => b[1] - a[1])[1]!;
      files.truth.annotations = files.truth.annotations.filter(({ category_id }) => category_id !== gone);
    },
  },
  {
    name: 'a class never predicted',
    code: 'class-never-predicted',
    kind: 'limits',
    isWhole: true,
    price: 'bound',
    plant: (files) => {
      const counts = new Map<number, number>();
      for (const { category_id } of files.truth.annotations)
        counts.set(category_id, (counts.get(category_id) ?? 0) + 1);
      const [gone] = [...counts].sort((a, b) => b[1] - a[1])[1]!;
      files.predictions = files.predictions.filter(({ category_id }) => category_id !== gone);
    },
  },
  {
    name: 'truth padded',
    code: 'padded-ground-truth',
    kind: 'truth-fields',
    plant: (files) => {
      const total = new Map<number, number>();
      for (const { image_id } of files.truth.annotations) total.set(image_id, (total.get(image_id) ?? 0) + 1);
      let id = files.truth.annotations.reduce((most, one) => Math.max(most, one.id), 0);
      for (const image of files.truth.images) {
        for (let count = total.get(image.id) ?? 0; count < 100; count++)
          files.truth.annotations.push({
            id: ++id,
            image_id: image.id,
            category_id: files.truth.categories[0]!.id,
            bbox: [0, 0, 0, 0],
            area: 0,
            iscrowd: 0,
          });
      }
    },
  },
  ...[12, 10, 5].map((limit): Planting => ({
    name: `truth clipped at ${limit}`,
    code: 'ground-truth-clipped',
    kind: 'truth-fields',
    price: 'bound',
    isWhole: true,
    plant: clipAt(limit),
    evidence: { limit },
  })),
];
