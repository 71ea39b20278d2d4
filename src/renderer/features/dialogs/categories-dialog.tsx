import type { ReactNode } from 'react';
import { useSession } from '../../state/session';
import { Dialog } from '../../ui/dialog';
import { NameField } from '../../ui/name-field';
import { count } from '../../ui/number-text';

/** Classes, renamed where they stand. */
export function CategoriesDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const categories = useSession((session) => session.project?.categories) ?? [];
  return (
    <Dialog
      title="Classes"
      onClose={onClose}
      footer={<span className="quiet grow">Ids stay as they are; renaming can be undone.</span>}
    >
      <div>
        {categories.map(({ id, name, annotations }) => (
          <div key={`${id} ${name}`} className="facet named-row">
            <span className="quiet number id">{id}</span>
            <NameField
              name={name}
              label={`Name of the class ${name}`}
              onRename={(next) =>
                void useSession.getState().applyOperations([{ renameCategory: { category: id, name: next } }])
              }
            />
            <span className="quiet number boxes">{count(annotations)} boxes</span>
          </div>
        ))}
        {categories.length === 0 && <p className="quiet">There are no classes in this project yet.</p>}
      </div>
    </Dialog>
  );
}
