from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('stores', '0001_initial'),
    ]

    operations = [
        migrations.AddField('cursor', 'sweep_next_id', models.BigIntegerField(null=True)),
        migrations.AddField('cursor', 'sweep_began', models.DateTimeField(null=True)),
        migrations.AddField('cursor', 'swept_at', models.DateTimeField(null=True)),
    ]
