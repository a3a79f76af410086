import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('pages', '0004_admin_search_index'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ImportRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('kind', models.CharField(choices=[('import', 'import'), ('undo', 'undo')], default='import', max_length=10)),
                ('state', models.CharField(choices=[('enqueueing', 'being handed out'), ('running', 'running'), ('finished', 'finished')], default='running', max_length=10)),
                ('collection', models.CharField(blank=True, max_length=100)),
                ('publish', models.BooleanField(default=False)),
                ('started_at', models.DateTimeField(auto_now_add=True)),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('counts', models.JSONField(default=dict)),
                ('school_ids', models.JSONField(default=list)),
                ('options', models.JSONField(default=dict)),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='pages.articleindexpage')),
                ('undoes', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='undone_by', to='import_content.importrun')),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'import run',
                'verbose_name_plural': 'import runs',
                'permissions': [('import_articles', 'Can import articles'), ('resolve_conflicts', 'Can resolve import conflicts')],
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='SourceRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=700, unique=True)),
                ('collection', models.CharField(blank=True, max_length=100)),
                ('page_ref', models.BigIntegerField()),
                ('root', models.CharField(blank=True, max_length=1000)),
                ('source_hash', models.CharField(db_index=True, max_length=64)),
                ('base', models.JSONField()),
                ('provenance', models.JSONField(default=dict)),
                ('page_state', models.CharField(max_length=64)),
                ('proposal', models.CharField(blank=True, max_length=64)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('page', models.OneToOneField(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='import_source', to='pages.articlepage')),
                ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='pages.articleindexpage')),
            ],
            options={
                'verbose_name': 'imported source',
                'verbose_name_plural': 'imported sources',
                'ordering': ['key'],
            },
        ),
        migrations.CreateModel(
            name='ImportItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(db_index=True, max_length=700)),
                ('outcome', models.CharField(choices=[('created', 'created'), ('updated', 'updated'), ('merged', 'merged'), ('conflict', 'merged, with conflicts'), ('unchanged', 'unchanged'), ('followed', 'its source was moved or renamed'), ('proposed', 'not written: somebody is at work on it'), ('refused', 'refused'), ('failed', 'failed'), ('unpublished', 'unpublished, as its source is gone'), ('vanished', 'its source is gone'), ('reversed', 'reversed'), ('kept', 'kept, as an editor touched it since'), ('blocked', 'blocked by something else')], max_length=12)),
                ('code', models.CharField(blank=True, max_length=40)),
                ('message', models.TextField(blank=True)),
                ('line', models.PositiveIntegerField(blank=True, null=True)),
                ('before', models.JSONField(blank=True, null=True)),
                ('page_state', models.CharField(blank=True, max_length=64)),
                ('uncertain', models.PositiveIntegerField(default=0)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('page', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='import_items', to='pages.articlepage')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='import_content.importrun')),
                ('undone_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='import_content.importrun')),
                ('record', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='items', to='import_content.sourcerecord')),
            ],
            options={
                'verbose_name': 'import item',
                'verbose_name_plural': 'import items',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='ImportConflict',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('path', models.CharField(max_length=255)),
                ('place', models.CharField(max_length=255)),
                ('kind', models.CharField(max_length=30)),
                ('base', models.JSONField(null=True)),
                ('ours', models.JSONField(null=True)),
                ('theirs', models.JSONField(null=True)),
                ('on_live', models.BooleanField(default=False)),
                ('on_draft', models.BooleanField(default=False)),
                ('resolution', models.CharField(blank=True, choices=[('ours', "the editor's version stays"), ('theirs', "the source's version was taken"), ('edited', 'somebody wrote a third version'), ('undone', 'the import was taken back')], max_length=10)),
                ('resolved_at', models.DateTimeField(blank=True, null=True)),
                ('resolved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='conflicts', to='import_content.importitem')),
                ('record', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='conflicts', to='import_content.sourcerecord')),
            ],
            options={
                'verbose_name': 'import conflict',
                'verbose_name_plural': 'import conflicts',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='ImportBatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('sources', models.PositiveIntegerField()),
                ('payload', models.BinaryField()),
                ('size', models.PositiveIntegerField()),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('worker', models.CharField(blank=True, max_length=100)),
                ('started_at', models.DateTimeField(blank=True, null=True)),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('error', models.TextField(blank=True)),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='batches', to='import_content.importrun')),
            ],
            options={
                'verbose_name': 'import batch',
                'verbose_name_plural': 'import batches',
                'ordering': ['run', 'number'],
                'constraints': [models.UniqueConstraint(fields=('run', 'number'), name='import_batch_number')],
            },
        ),
        migrations.CreateModel(
            name='KeptSource',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.CharField(max_length=64, unique=True)),
                ('size', models.PositiveIntegerField()),
                ('data', models.BinaryField(blank=True)),
                ('storage_name', models.CharField(blank=True, max_length=200)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'verbose_name': 'kept source',
                'verbose_name_plural': 'kept sources',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='SourceVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source_hash', models.CharField(max_length=64)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('record', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='import_content.sourcerecord')),
                ('run', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='import_content.importrun')),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='import_content.keptsource')),
            ],
            options={
                'verbose_name': 'version of a source',
                'verbose_name_plural': 'versions of sources',
                'ordering': ['pk'],
            },
        ),
    ]
