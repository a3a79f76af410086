import api.models.secrets
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('wagtailcore', '0098_apitoken'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
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
        migrations.CreateModel(
            name='Consumer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.SlugField(max_length=100, unique=True)),
                ('sequence', models.BigIntegerField()),
                ('deployed_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='PurgePosition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sequence', models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='ApiToken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(help_text='Who has it, and what for.', max_length=100, verbose_name='name')),
                ('prefix', models.CharField(editable=False, max_length=12, unique=True)),
                ('digest', models.CharField(editable=False, max_length=64)),
                ('scopes', models.CharField(help_text='What it is good for, separated by spaces.', max_length=200, verbose_name='scopes')),
                ('expires_at', models.DateTimeField(blank=True, null=True, verbose_name='expires at')),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='revoked at')),
                ('last_used_at', models.DateTimeField(editable=False, null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('created_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'API token',
                'verbose_name_plural': 'API tokens',
                'ordering': ['name', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='WebhookEndpoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('url', models.URLField(help_text='Where changes are sent to, with POST.', max_length=500, verbose_name='URL')),
                ('secret', models.CharField(default=api.models.secrets.new_secret, max_length=100, verbose_name='secret')),
                ('former_secret', models.CharField(blank=True, help_text='Signs as well, while secrets change.', max_length=100, verbose_name='former secret')),
                ('types', models.CharField(blank=True, help_text='Separated by commas; empty: all.', max_length=100, verbose_name='types')),
                ('locale', models.CharField(blank=True, help_text='Empty: all.', max_length=100, verbose_name='locale')),
                ('path_prefix', models.CharField(blank=True, max_length=500, verbose_name='path begins with')),
                ('every_seconds', models.PositiveIntegerField(default=0, help_text='For build hooks; 0: at once.', verbose_name='at most once in so many seconds')),
                ('enabled', models.BooleanField(default=True, verbose_name='enabled')),
                ('sequence', models.BigIntegerField(default=0, editable=False)),
                ('failures', models.PositiveIntegerField(default=0, editable=False)),
                ('next_attempt_at', models.DateTimeField(editable=False, null=True)),
                ('failing_since', models.DateTimeField(editable=False, null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('site', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='wagtailcore.site', verbose_name='site')),
            ],
            options={
                'verbose_name': 'webhook',
                'verbose_name_plural': 'webhooks',
                'ordering': ['name', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='WebhookDelivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('message_id', models.CharField(max_length=40, unique=True)),
                ('first', models.BigIntegerField()),
                ('last', models.BigIntegerField()),
                ('body', models.TextField()),
                ('made_at', models.DateTimeField()),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('attempted_at', models.DateTimeField(null=True)),
                ('delivered_at', models.DateTimeField(null=True)),
                ('status', models.PositiveIntegerField(null=True)),
                ('answer', models.TextField(blank=True)),
                ('seconds', models.FloatField(null=True)),
                ('endpoint', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='api.webhookendpoint')),
            ],
            options={
                'verbose_name': 'delivery',
                'verbose_name_plural': 'deliveries',
                'ordering': ['-pk'],
            },
        ),
    ]
