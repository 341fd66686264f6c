from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('stores', '0004_quota_and_legacy'),
    ]

    operations = [
        migrations.AddField(
            model_name='store',
            name='next_change_at',
            field=models.DateTimeField(null=True),
        ),
    ]
