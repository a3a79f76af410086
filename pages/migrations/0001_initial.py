import django.db.models.deletion
import modelcluster.contrib.taggit
import modelcluster.fields
import modelsearch.index
import uuid
import wagtail.fields
import wagtail.models.preview
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('wagtailcore', '0098_apitoken'),
        ('wagtailimages', '0027_image_description'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ArticleIndexPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('introduction', wagtail.fields.RichTextField(blank=True, help_text='What readers find on this shelf.', verbose_name='introduction')),
            ],
            options={
                'verbose_name': 'article index',
                'verbose_name_plural': 'article indexes',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='PublishedText',
            fields=[
                ('page', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='published_text', serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('shown', models.TextField()),
                ('title', models.TextField()),
                ('headings', models.TextField()),
                ('text', models.TextField()),
                ('related', models.TextField()),
            ],
            options={
                'verbose_name': 'published text',
            },
        ),
        migrations.CreateModel(
            name='Topic',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, unique=True, verbose_name='name')),
                ('slug', models.SlugField(allow_unicode=True, max_length=100, unique=True, verbose_name='slug')),
            ],
            options={
                'verbose_name': 'topic',
                'verbose_name_plural': 'topics',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='ArticlePage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('introduction', wagtail.fields.RichTextField(blank=True, help_text='What the article is about and why it matters; stands before the first section.', verbose_name='introduction')),
                ('body', wagtail.fields.StreamField([('section', 4), ('text', 6), ('school_listing', 11), ('call_to_action', 15), ('table', 17), ('quote', 20), ('code', 23), ('image', 26)], blank=True, block_lookup={0: ('wagtail.blocks.CharBlock', (), {'help_text': 'What readers scan for. Short; no full stop.', 'max_length': 255}), 1: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'italic', 'code', 'link', 'document-link', 'ol', 'ul'], 'help_text': 'May stay empty where a listing or a table follows at once.', 'required': False}), 2: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('2', 'Section (H2)'), ('3', 'Sub-section (H3)'), ('4', 'Below a sub-section (H4)')], 'help_text': 'Where it stands in the outline.'}), 3: ('wagtail.blocks.RegexBlock', (), {'error_messages': {'invalid': 'Use letters, numbers, hyphens and underscores only.'}, 'help_text': 'The name in links to this section (#name). Filled in by itself, and kept when the heading changes.', 'max_length': 80, 'regex': '^[\\w-]*$', 'required': False}), 4: ('wagtail.blocks.StructBlock', [[('heading', 0), ('text', 1), ('level', 2), ('anchor', 3)]], {}), 5: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'italic', 'code', 'link', 'document-link', 'ol', 'ul']}), 6: ('wagtail.blocks.StructBlock', [[('text', 5)]], {}), 7: ('wagtail.snippets.blocks.SnippetChooserBlock', ('pages.School',), {'help_text': 'One record however many articles list it.'}), 8: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'italic', 'code', 'link', 'document-link'], 'help_text': 'What this article says of the school.', 'required': False}), 9: ('wagtail.blocks.StructBlock', [[('school', 7), ('description', 8)]], {}), 10: ('wagtail.blocks.ListBlock', (9,), {'collapsed': True, 'label': 'Schools', 'min_num': 1}), 11: ('wagtail.blocks.StructBlock', [[('schools', 10)]], {}), 12: ('wagtail.blocks.CharBlock', (), {'help_text': 'What the button says.', 'max_length': 255}), 13: ('wagtail.blocks.PageChooserBlock', (), {'help_text': 'A page of this site ...', 'required': False}), 14: ('wagtail.blocks.URLBlock', (), {'help_text': '... or an address elsewhere.', 'label': 'URL', 'required': False}), 15: ('wagtail.blocks.StructBlock', [[('text', 12), ('page', 13), ('url', 14)]], {}), 16: ('wagtail.blocks.CharBlock', (), {'required': False}), 17: ('wagtail.contrib.typed_table_block.blocks.TypedTableBlock', [[('text', 16)]], {}), 18: ('wagtail.blocks.TextBlock', (), {'help_text': 'Without quotation marks: the front end adds its own.', 'rows': 3}), 19: ('wagtail.blocks.CharBlock', (), {'help_text': 'Who said it.', 'max_length': 255, 'required': False}), 20: ('wagtail.blocks.StructBlock', [[('text', 18), ('attribution', 19)]], {}), 21: ('wagtail.blocks.TextBlock', (), {'help_text': 'Shown as it stands, with its spaces and line ends.', 'rows': 8}), 22: ('wagtail.blocks.RegexBlock', (), {'error_messages': {'invalid': 'Use letters, numbers and + # . - only.'}, 'help_text': 'For colouring, such as python or shell; empty where it is none.', 'max_length': 40, 'regex': '^[\\w+#.-]*$', 'required': False}), 23: ('wagtail.blocks.StructBlock', [[('code', 21), ('language', 22)]], {}), 24: ('wagtail.images.blocks.ImageBlock', [], {}), 25: ('wagtail.blocks.CharBlock', (), {'max_length': 255, 'required': False}), 26: ('wagtail.blocks.StructBlock', [[('image', 24), ('caption', 25)]], {})}, verbose_name='body')),
                ('canonical_url', models.URLField(blank=True, help_text='Only where the article was first published elsewhere: the address search engines should prefer.', verbose_name='canonical URL')),
                ('noindex', models.BooleanField(default=False, help_text='Asks search engines to leave the article out.', verbose_name='hide from search engines')),
                ('lead_image', models.ForeignKey(blank=True, help_text='Shown at the head of the article and in previews of links to it.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailimages.image', verbose_name='lead image')),
            ],
            options={
                'verbose_name': 'article',
                'verbose_name_plural': 'articles',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='PublishedArticle',
            fields=[
                ('page', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='published', serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('published_at', models.DateTimeField()),
                ('updated_at', models.DateTimeField()),
                ('sort_title', models.CharField(max_length=255)),
                ('digest', models.CharField(max_length=32)),
                ('references', models.TextField()),
                ('head', models.TextField()),
                ('introduction', models.TextField()),
                ('body', models.TextField()),
            ],
            options={
                'verbose_name': 'published article',
                'indexes': [models.Index(fields=['published_at', 'page'], name='pages_public_published'), models.Index(fields=['updated_at', 'page'], name='pages_public_updated'), models.Index(fields=['sort_title', 'page'], name='pages_public_title')],
            },
        ),
        migrations.CreateModel(
            name='School',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('translation_key', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('live', models.BooleanField(default=True, editable=False, verbose_name='live')),
                ('has_unpublished_changes', models.BooleanField(default=False, editable=False, verbose_name='has unpublished changes')),
                ('first_published_at', models.DateTimeField(blank=True, db_index=True, null=True, verbose_name='first published at')),
                ('last_published_at', models.DateTimeField(editable=False, null=True, verbose_name='last published at')),
                ('go_live_at', models.DateTimeField(blank=True, null=True, verbose_name='go live date/time')),
                ('expire_at', models.DateTimeField(blank=True, null=True, verbose_name='expiry date/time')),
                ('expired', models.BooleanField(default=False, editable=False, verbose_name='expired')),
                ('locked', models.BooleanField(default=False, editable=False, verbose_name='locked')),
                ('locked_at', models.DateTimeField(editable=False, null=True, verbose_name='locked at')),
                ('name', models.CharField(help_text='In full, as the school writes it.', max_length=255, verbose_name='name')),
                ('normalised_name', models.CharField(editable=False, max_length=255)),
                ('slug', models.SlugField(allow_unicode=True, blank=True, help_text='The name in addresses. Filled in from the name; front ends rely on it: change it with care.', max_length=255, verbose_name='slug')),
                ('website', models.URLField(blank=True, verbose_name='website')),
                ('city', models.CharField(blank=True, max_length=120, verbose_name='city')),
                ('region', models.CharField(blank=True, max_length=120, verbose_name='state or region')),
                ('country', models.CharField(blank=True, max_length=120, verbose_name='country')),
                ('description', wagtail.fields.RichTextField(blank=True, help_text="True everywhere. What one article says of the school belongs to that article's listing.", verbose_name='description')),
                ('latest_revision', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.revision', verbose_name='latest revision')),
                ('live_revision', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.revision', verbose_name='live revision')),
                ('locale', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='wagtailcore.locale', verbose_name='locale')),
                ('locked_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='locked_%(class)ss', to=settings.AUTH_USER_MODEL, verbose_name='locked by')),
                ('logo', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailimages.image', verbose_name='logo')),
            ],
            options={
                'verbose_name': 'school',
                'verbose_name_plural': 'schools',
                'ordering': ['name', 'pk'],
                'abstract': False,
            },
            bases=(wagtail.models.preview.PreviewableMixin, modelsearch.index.Indexed, models.Model),
        ),
        migrations.CreateModel(
            name='PublishedListing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('page', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='published_listings', to='pages.articlepage')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='published_listings', to='pages.school')),
            ],
        ),
        migrations.CreateModel(
            name='SchoolAlias',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=255, verbose_name='name')),
                ('normalised_name', models.CharField(db_index=True, editable=False, max_length=255)),
                ('school', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='aliases', to='pages.school')),
            ],
            options={
                'verbose_name': 'other name',
                'verbose_name_plural': 'other names',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='MergedSchool',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('former_id', models.BigIntegerField(unique=True)),
                ('translation_key', models.UUIDField(db_index=True)),
                ('slug', models.CharField(max_length=255)),
                ('name', models.CharField(max_length=255, verbose_name='name')),
                ('was_public', models.BooleanField(default=False)),
                ('merged_at', models.DateTimeField(auto_now_add=True, verbose_name='merged at')),
                ('locale', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='wagtailcore.locale')),
                ('merged_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='merged_schools', to='pages.school')),
            ],
            options={
                'verbose_name': 'merged school',
                'verbose_name_plural': 'merged schools',
                'ordering': ['-merged_at', '-pk'],
                'indexes': [models.Index(fields=['locale', 'slug'], name='pages_merged_school_slug')],
            },
        ),
        migrations.CreateModel(
            name='SchoolNameProposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=255, verbose_name='name')),
                ('similar_name', models.CharField(max_length=255, verbose_name='similar name')),
                ('pair_digest', models.CharField(editable=False, max_length=32)),
                ('source_key', models.CharField(blank=True, max_length=700, verbose_name='source')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='proposed at')),
                ('dismissed_at', models.DateTimeField(blank=True, null=True, verbose_name='dismissed at')),
                ('dismissed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('locale', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='wagtailcore.locale')),
            ],
            options={
                'verbose_name': 'proposal of similar names',
                'verbose_name_plural': 'proposals of similar names',
                'ordering': ['-created_at', '-pk'],
                'constraints': [models.UniqueConstraint(fields=('locale', 'pair_digest'), name='pages_name_proposal_once')],
            },
        ),
        migrations.CreateModel(
            name='ArticleTopic',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content_object', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='article_topics', to='pages.articlepage')),
                ('tag', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='articles', to='pages.topic')),
            ],
        ),
        migrations.AddField(
            model_name='articlepage',
            name='topics',
            field=modelcluster.contrib.taggit.ClusterTaggableManager(blank=True, help_text='What the article is about, separated by commas.', through='pages.ArticleTopic', to='pages.Topic', verbose_name='topics'),
        ),
        migrations.AddIndex(
            model_name='school',
            index=models.Index(fields=['normalised_name', 'id'], name='pages_school_by_name'),
        ),
        migrations.AddIndex(
            model_name='school',
            index=models.Index(condition=models.Q(models.Q(('live', False)), models.Q(('expire_at__isnull', False)), models.Q(('go_live_at__isnull', False)), _connector='OR'), fields=['id'], name='pages_school_hideable'),
        ),
        migrations.AddConstraint(
            model_name='school',
            constraint=models.UniqueConstraint(fields=('locale', 'normalised_name'), name='pages_school_name_in_locale'),
        ),
        migrations.AddConstraint(
            model_name='school',
            constraint=models.UniqueConstraint(fields=('locale', 'slug'), name='pages_school_slug_in_locale'),
        ),
        migrations.AlterUniqueTogether(
            name='school',
            unique_together={('translation_key', 'locale')},
        ),
        migrations.AddConstraint(
            model_name='publishedlisting',
            constraint=models.UniqueConstraint(fields=('school', 'page'), name='pages_school_once_per_article'),
        ),
        migrations.AddConstraint(
            model_name='articletopic',
            constraint=models.UniqueConstraint(fields=('tag', 'content_object'), name='pages_topic_once_per_article'),
        ),
    ]
