/** Chooses what is scored: classes, a subset, the images that a gallery's filter leaves. */
import type { ReactNode } from 'react';
import { useState } from 'react';
import type { CategoryId, ImageChoice, PartOfSet } from '../../../contract/view-types';
import { useSession } from '../../state/session';
import { Dialog } from '../../ui/dialog';
import { count } from '../../ui/number-text';
import { activeFilters } from '../gallery/active-filters';
import { useGallery } from '../gallery/gallery-state';
import { toggled } from '../gallery/toggled';
import { useScores } from './scores-state';

interface ImageRule {
  readonly label: string;
  readonly images: ImageChoice | null;
}

/** No rule, the Images gallery's filter as it is, the one in force, and the saved views of images. */
function useImageRules(): readonly ImageRule[] {
  const project = useSession((session) => session.project);
  const run = useSession((session) => session.run);
  const point = useSession((session) => session.point);
  const shown = useGallery((state) => state.images.filter);
  const current = useScores((state) => state.part?.images ?? null);
  const categories = project?.categories ?? [];
  const words = (filter: ImageChoice['filter']): string =>
    activeFilters(filter, categories)
      .map(({ label }) => label)
      .join(', ');
  const filter = { ...shown, behind: null, data: null };
  const rules: ImageRule[] = [{ label: 'All of them', images: null }];
  if (words(filter) !== '')
    rules.push({ label: `As the Images gallery shows: ${words(filter)}`, images: { run, point, filter } });
  if (current && JSON.stringify(current.filter) !== JSON.stringify(filter))
    rules.push({ label: `As now: ${words(current.filter)}`, images: current });
  for (const { name, query } of project?.views ?? [])
    if (query.kind === 'images' && !query.filter.data)
      rules.push({
        label: `The view “${name}”`,
        images: { run: query.run, point: query.point, filter: query.filter },
      });
  return rules;
}

export function PartDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const project = useSession((session) => session.project);
  const part = useScores((state) => state.part);
  const change = useScores((state) => state.change);
  const rules = useImageRules();
  const [categories, setCategories] = useState<readonly CategoryId[] | null>(part?.categories ?? null);
  const [subset, setSubset] = useState(part?.subset ?? null);
  const [rule, setRule] = useState(() =>
    Math.max(
      0,
      rules.findIndex(({ images }) => JSON.stringify(images) === JSON.stringify(part?.images ?? null)),
    ),
  );
  const all = project?.categories ?? [];
  const ids = all.map(({ id }) => id);
  const apply = () => {
    const images = rules[rule]?.images ?? null;
    const next: PartOfSet | null =
      categories === null && subset === null && images === null ? null : { categories, subset, images };
    change({ part: next, cursor: 0 });
    onClose();
  };
  return (
    <Dialog
      title="Score a part of the set"
      onClose={onClose}
      footer={
        <>
          <span className="quiet grow">The score in the title bar stays that of the whole set.</span>
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button
            type="button"
            className="button primary"
            disabled={categories?.length === 0}
            onClick={apply}
          >
            Score it
          </button>
        </>
      }
    >
      <fieldset>
        <legend>Classes</legend>
        <div className="part-list">
          {all.map(({ id, name, annotations }) => (
            <label key={id} className="facet">
              <input
                type="checkbox"
                checked={categories?.includes(id) ?? true}
                onChange={() => setCategories(toggled(categories, id, ids))}
              />
              <span className="grow clip">{name}</span>
              <span className="quiet">{count(annotations)}</span>
            </label>
          ))}
        </div>
      </fieldset>
      {project && project.subsets.length > 0 && (
        <fieldset>
          <legend>Subset</legend>
          <Choice name="subset" label="All images" isOn={subset === null} onChoose={() => setSubset(null)} />
          {project.subsets.map(({ name, images }) => (
            <Choice
              key={name}
              name="subset"
              label={`${name}, ${count(images)} images`}
              isOn={subset === name}
              onChoose={() => setSubset(name)}
            />
          ))}
        </fieldset>
      )}
      <fieldset>
        <legend>Images</legend>
        {rules.map(({ label }, index) => (
          <Choice
            key={label}
            name="images"
            label={label}
            isOn={rule === index}
            onChoose={() => setRule(index)}
          />
        ))}
        {rules.length === 1 && (
          <p className="quiet caption-12">
            Filter the Images gallery, or save a view of it, and the images that it shows can be chosen here.
          </p>
        )}
      </fieldset>
    </Dialog>
  );
}

interface ChoiceProps {
  readonly name: string;
  readonly label: string;
  readonly isOn: boolean;
  readonly onChoose: () => void;
}

function Choice({ name, label, isOn, onChoose }: ChoiceProps): ReactNode {
  return (
    <label className="facet">
      <input type="radio" name={name} checked={isOn} onChange={onChoose} />
      <span className="grow">{label}</span>
    </label>
  );
}
