// An entry of a school listing.  Wagtail labels one whose school is not chosen yet "null", and leaves it closed.
(() => {
  const { StructBlockDefinition } = window.wagtailStreamField.blocks;

  class ListedSchoolDefinition extends StructBlockDefinition {
    render(placeholder, prefix, initialState, initialError) {
      const block = super.render(placeholder, prefix, initialState, initialError);
      const label = block.getTextLabel.bind(block);
      block.getTextLabel = (options) => {
        const text = label(options);
        return !text || text === 'null' ? gettext('Choose a school') : text;
      };
      return block;
    }
  }

  window.telepath.register('pages.ListedSchool', ListedSchoolDefinition);
})();
