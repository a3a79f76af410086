from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='WithdrawnPath',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('page_id', models.BigIntegerField()),
                ('path_key', models.CharField(max_length=32)),
                ('url_path', models.TextField()),
                ('withdrawn_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('path_key', 'page_id'), name='api_withdrawn_once')],
            },
        ),
        migrations.CreateModel(
            name='JournalMark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=16)),
                ('targets', models.TextField()),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='JournalState',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('epoch', models.CharField(max_length=8)),
                ('sequence', models.BigIntegerField(default=0)),
                ('horizon', models.BigIntegerField(default=0)),
                ('checked_at', models.DateTimeField()),
                ('next_due', models.DateTimeField(null=True)),
                ('sites', models.TextField(default='')),
            ],
        ),
        migrations.CreateModel(
            name='JournalEntry',
            fields=[
                ('sequence', models.BigIntegerField(primary_key=True, serialize=False)),
                ('site_id', models.BigIntegerField()),
                ('kind', models.CharField(max_length=16)),
                ('object_id', models.BigIntegerField()),
                ('locale', models.CharField(max_length=100)),
                ('gone', models.BooleanField()),
                ('why', models.CharField(max_length=60)),
                ('path', models.TextField()),
                ('place', models.TextField()),
                ('former', models.TextField()),
                ('own', models.CharField(max_length=32)),
                ('rev', models.CharField(max_length=32)),
                ('key', models.CharField(max_length=64)),
                ('uses', models.TextField()),
                ('at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['site_id', 'sequence'], name='api_journal_in_order'), models.Index(fields=['site_id', 'key'], name='api_journal_by_key')],
                'constraints': [models.UniqueConstraint(fields=('site_id', 'kind', 'object_id'), name='api_journal_one_row_per_object')],
            },
        ),
        migrations.CreateModel(
            name='JournalSum',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('site_id', models.BigIntegerField()),
                ('kind', models.CharField(max_length=16)),
                ('locale', models.CharField(max_length=100)),
                ('count', models.BigIntegerField()),
                ('root', models.CharField(max_length=64)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('site_id', 'kind', 'locale'), name='api_journal_one_sum')],
            },
        ),
    ]
